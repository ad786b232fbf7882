// A TCP proxy in front of PostgreSQL, to simulate a network outage while a server is connected.

import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server as Listener, type Socket } from "node:net";

import { registerSecret } from "./server.ts";

export class DatabaseProxy {
  /** The database URL that goes through this proxy. */
  readonly url: string;
  readonly #listener: Listener;
  readonly #sockets = new Set<Socket>();
  #isInterrupted = false;

  private constructor(database: URL, listener: Listener) {
    const { hostname, port } = database;
    const proxied = new URL(database);
    proxied.port = String((listener.address() as AddressInfo).port);
    this.url = proxied.href;
    this.#listener = listener.on("connection", (client: Socket) => {
      if (this.#isInterrupted) client.destroy();
      else this.#join(client, connect(Number(port), hostname));
    });
  }

  /** Opens a proxy to the test database. */
  static async open(): Promise<DatabaseProxy> {
    const address = process.env.COUNTERSIGN_TEST_POSTGRES_URL;
    if (!address) throw new Error("COUNTERSIGN_TEST_POSTGRES_URL is not set: run the stories with `cargo xtask e2e`");
    const database = new URL(address);
    registerSecret(database.password);
    const listener = createServer().listen(0, "127.0.0.1");
    await once(listener, "listening");
    return new DatabaseProxy(database, listener);
  }

  /** Closes all connections and rejects new ones. */
  interrupt(): void {
    this.#isInterrupted = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Accepts connections again. */
  restore(): void {
    this.#isInterrupted = false;
  }

  close(): void {
    this.interrupt();
    this.#listener.close();
  }

  #join(client: Socket, database: Socket): void {
    client.pipe(database).pipe(client);
    for (const [socket, other] of [[client, database], [database, client]] as const) {
      this.#sockets.add(socket);
      // A reset connection is expected; "close" follows and closes the other side.
      socket.on("error", () => {});
      socket.on("close", () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
  }
}
