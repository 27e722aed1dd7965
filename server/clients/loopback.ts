/** Whether an address of a peer is this machine's own: 127.0.0.0/8, ::1, or the former in IPv6. */
export function isLoopback(hostname: string): boolean {
  return hostname === "::1" || /^(::ffff:)?127\.\d+\.\d+\.\d+$/.test(hostname);
}
