/** HTTP by Deno's own server. */

import { after, cancel } from "../../../structures/real_time.ts";
import type { Http, HttpListener, HttpOptions, HttpReply } from "../http.ts";

/** How long a peer may take to read a reply when the server stops. */
const GRACE_MS = 1000;

async function serve({ hostname, port, answer }: HttpOptions): Promise<HttpListener> {
  const cutOff = new AbortController();
  const server = await Deno.serve(
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
    unref: () => server.unref(),
    async close() {
      const timer = after(GRACE_MS, () => cutOff.abort());
      await server.shutdown().catch(() => {});
      cancel(timer);
    },
  };
}

function responseOf({ status, headers, body }: HttpReply): Response {
  return new Response(body, { status, headers });
}

export const http: Http = { serve };
