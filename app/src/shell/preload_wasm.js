((wasm) => {
  const link = document.createElement("link");
  Object.assign(link, { rel: "preload", as: "fetch", type: "application/wasm", href: wasm, crossOrigin: "" });
  document.head.append(link);
})
