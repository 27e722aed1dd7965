/**
 * Fields get deadlines: what HEXPIRE and its kin, HGETEX and HSETEX share. One that is past deletes
 * the field.
 */

import type { Call } from "../../server/execution/call.ts";
import type { FieldMap } from "../../structures/field_map/field_map.ts";
import { NO_DEADLINE } from "../../structures/field_map/field_map_operations.ts";
import { isPast } from "./field_arguments.ts";

/**
 * Makes an edit ready to give the fields in arguments `first` and so on deadlines, so that it does not
 * lack memory half way. O(fields), and O(n) for a listpack without deadlines.
 *
 * @param step arguments from one field to the next
 * @throws {ArenaFullError} no field has changed
 */
export function prepareDeadlines(
  { args }: Call,
  hash: FieldMap,
  first: number,
  step: number,
): void {
  hash.makeExpiring();
  const fields = (args.count - first) / step;
  if (fields === 1) return;
  let bytes = 0;
  for (let i = first; i < args.count; i += step) {
    if (hash.find(args.bytes, args.start(i), args.length(i))) bytes += hash.deadlineBytes();
  }
  hash.reserveDeadlines(fields, bytes);
}

/** Gives the field under the cursor a deadline, or removes it where that is past. O(log n). */
export function assignDeadline(call: Call, hash: FieldMap, deadlineMs: number): void {
  if (deadlineMs === NO_DEADLINE || !isPast(call, deadlineMs)) return hash.setDeadline(deadlineMs);
  hash.removeCurrent();
  call.keyspace.expiredSubkeys++;
}
