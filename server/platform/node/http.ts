/** HTTP by Node's own server, which is loaded when it is wanted: most programs want none. */

import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { after, cancel } from "../../../structures/real_time.ts";
import type { Http, HttpListener, HttpOptions } from "../http.ts";

/** How long a peer may take to read a reply when the server stops. */
const GRACE_MS = 1000;

async function serve({ hostname, port, answer }: HttpOptions): Promise<HttpListener> {
  const { createServer } = await import("node:http");
  const server = createServer((request, response) => {
    const { status, headers, body } = answer({
      method: request.method ?? "",
      path: pathOf(request),
      remoteAddress: {
        hostname: request.socket.remoteAddress ?? "",
        port: request.socket.remotePort ?? 0,
      },
      header: (name) => headerOf(request, name),
    });
    send(response, status, { ...headers, "content-length": String(byteLength(body)) }, body);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: hostname, port }, () => {
      server.off("error", reject);
      resolve();
    });
  });
  // What goes wrong later is of one connection, and ends that.
  server.on("error", () => {});
  const { address, port: found } = server.address() as AddressInfo;
  return {
    address: { hostname: address, port: found },
    unref: () => void server.unref(),
    close: () => close(server),
  };
}

/** In a URL what stands before "?", without a host. */
function pathOf({ url = "/" }: IncomingMessage): string {
  return /^(?:[a-z][a-z0-9+.-]*:\/\/[^/?#]*)?([^?#]*)/i.exec(url)![1] || "/";
}

function headerOf({ headers }: IncomingMessage, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(", ") : value;
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

function send(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string,
): void {
  response.on("error", () => {});
  response.writeHead(status, headers);
  response.end(body);
}

async function close(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  const timer = after(GRACE_MS, () => server.closeAllConnections());
  await closed;
  cancel(timer);
}

export const http: Http = { serve };
