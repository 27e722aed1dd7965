/** Streams of Node's kind, for clients that are to talk to a server without a socket. */

export { makeDuplex } from "./deno/duplex.ts";
