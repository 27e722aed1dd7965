/** Answering HTTP, as little of it as the server needs: requests without bodies, replies at once. */

import type { NetAddress } from "./socket.ts";

export interface HttpRequest {
  /** "GET", … */
  readonly method: string;
  /** Of the URL, without what follows "?". */
  readonly path: string;
  readonly remoteAddress: NetAddress;
  header(name: string): string | undefined;
}

export interface HttpReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface HttpListener {
  readonly address: NetAddress;
  /** Lets the process end while it listens. */
  unref(): void;
  /** Settles once nothing is under way any more; what takes long is cut off. Never rejects. */
  close(): Promise<void>;
}

export interface HttpOptions {
  readonly hostname: string;
  readonly port: number;
  /** Answers a request; must not throw. */
  readonly answer: (request: HttpRequest) => HttpReply;
}

export interface Http {
  /** Listens, and answers from then on. Rejects with what listening fails with. */
  serve(options: HttpOptions): Promise<HttpListener>;
}
