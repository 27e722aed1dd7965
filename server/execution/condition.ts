/**
 * Reasons to look more closely before a command runs, in the order in which Redis looks. A server
 * a client and a command have a set of them each, as bits: where all are empty, which is the rule, a
 * command runs after one test.
 */

/** Bits; each is the place of the check that goes with it, see admission.ts. */
export const Condition = {
  /** A setting has to allow the command. */
  Protected: 1 << 0,
  /** The client has not given the password. */
  Authentication: 1 << 1,
  /** The client is in a transaction: some commands may not be part of it. */
  Transaction: 1 << 2,
  /** The client's user may not do everything. */
  Acl: 1 << 3,
  /** Keys may belong to another node. */
  Cluster: 1 << 4,
  /** There is a limit on memory. */
  Memory: 1 << 5,
  /** What was written could not be saved. */
  Persistence: 1 << 6,
  /** Writes need more replicas than there are. */
  Replicas: 1 << 7,
  /** The server is a replica and takes no writes. */
  ReadOnly: 1 << 8,
  /** The client is subscribed, in a protocol that then knows only some commands. */
  Subscriber: 1 << 9,
  /** The server is a replica whose data is old. */
  Stale: 1 << 10,
  /** The data set is being loaded. */
  Loading: 1 << 11,
  /** A script runs for too long. */
  Busy: 1 << 12,
  /** The client is a replica. */
  ReplicaClient: 1 << 13,
  /** Clients are paused. */
  Pause: 1 << 14,
  /** Commands are queued, not run. */
  Queue: 1 << 15,
  /** Some command is at fault, and does not run again. */
  Fault: 1 << 16,
} as const;
export type Condition = typeof Condition[keyof typeof Condition];
