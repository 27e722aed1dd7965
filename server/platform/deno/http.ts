/** HTTP by Deno's own server. */

import type { Http, HttpOptions, HttpReply } from "../http.ts";

/** How long a peer may take to read a reply when the server stops. */
const GRACE_MS = 1000;

function serve({ hostname, port, answer }: HttpOptions) {
  const cutOff = new AbortController();
  const server = Deno.serve(
    { hostname, port, signal: cutOff.signal, onListen() {} },
    (request, { remoteAddr }) =>
      responseOf(answer({
        method: request.method,
        // A Host that nobody can have makes it no URL.
        path: URL.parse(request.url)?.pathname ?? "",
        remoteAddress: remoteAddr,
        header: (name) => request.headers.get(name) ?? undefined,
      })),
  );
  return {
    address: server.addr,
    async close() {
      const timer = setTimeout(() => cutOff.abort(), GRACE_MS);
      await server.shutdown().catch(() => {});
      clearTimeout(timer);
    },
  };
}

function responseOf({ status, headers, body }: HttpReply): Response {
  return new Response(body, { status, headers });
}

export const denoHttp: Http = { serve };
