// Serves this folder on 127.0.0.1: node serve.js [port]

import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize, sep } from "node:path";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL(".", import.meta.url));

/** @type {Record<string, string>} */
const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/**
 * The file behind an address, or nothing: what is not of a type that the page needs is not served, and neither is anything outside.
 * @param {string} url
 */
async function fileOf(url) {
  let path;
  try {
    path = decodeURIComponent(new URL(url, "http://127.0.0.1").pathname);
  } catch {
    return null;
  }
  const file = normalize(join(FOLDER, path.endsWith("/") ? `${path}index.html` : path));
  const type = TYPES[extname(file)];
  if (type === undefined || !file.startsWith(FOLDER) || file.split(sep).includes("node_modules")) return null;
  const found = await stat(file).catch(() => null);
  return found?.isFile() ? { file, type, size: found.size } : null;
}

/**
 * Starts serving; with port 0 on any that is free.
 * @param {number} port
 * @returns {Promise<{ url: string, close: () => void }>}
 */
export function serve(port) {
  const server = createServer(async (request, response) => {
    const found = await fileOf(request.url ?? "/");
    if (found === null || (request.method !== "GET" && request.method !== "HEAD")) {
      response.writeHead(404, { "content-type": "text/plain" }).end("not here\n");
      return;
    }
    response.writeHead(200, { "content-type": found.type, "content-length": found.size, "cache-control": "no-cache" });
    if (request.method === "HEAD") response.end();
    else createReadStream(found.file).pipe(response);
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const address = /** @type {import("node:net").AddressInfo} */ (server.address());
      resolve({
        url: `http://127.0.0.1:${address.port}/`,
        close: () => {
          server.closeAllConnections();
          server.close();
        },
      });
    });
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { url } = await serve(Number(process.argv[2] ?? 8080));
  console.log(`The playground is at ${url}`);
}
