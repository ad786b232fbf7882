// The way to a PostgreSQL, which can be cut and mended while a server is at the other end.

import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server as Listener, type Socket } from "node:net";

import { noteSecret } from "./server.ts";

export class Wire {
  /** The database's address by this way. */
  readonly url: string;
  readonly #listener: Listener;
  readonly #sockets = new Set<Socket>();
  #isCut = false;

  private constructor(database: URL, listener: Listener) {
    const { hostname, port } = database;
    const through = new URL(database);
    through.port = String((listener.address() as AddressInfo).port);
    this.url = through.href;
    this.#listener = listener.on("connection", (near: Socket) => {
      if (this.#isCut) near.destroy();
      else this.#join(near, connect(Number(port), hostname));
    });
  }

  /** To the database that the stories are run beside. */
  static async open(): Promise<Wire> {
    const address = process.env.COUNTERSIGN_TEST_POSTGRES_URL;
    if (!address) throw new Error("COUNTERSIGN_TEST_POSTGRES_URL is not set: run the stories with `cargo xtask e2e`");
    const database = new URL(address);
    noteSecret(database.password);
    const listener = createServer().listen(0, "127.0.0.1");
    await once(listener, "listening");
    return new Wire(database, listener);
  }

  /** From now on nobody gets through, and who was through is not any more. */
  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend(): void {
    this.#isCut = false;
  }

  close(): void {
    this.cut();
    this.#listener.close();
  }

  #join(near: Socket, far: Socket): void {
    near.pipe(far).pipe(near);
    for (const [socket, other] of [[near, far], [far, near]] as const) {
      this.#sockets.add(socket);
      // An end that breaks off has nothing more to say than that.
      socket.on("error", () => {});
      socket.on("close", () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
  }
}
