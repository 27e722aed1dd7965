/**
 * What one server can hold at most, where Redis would accept more: settings past these are refused.
 */

import { MAX_BULK_BYTES, MAX_INPUT_BYTES } from "../../protocol/request_limits.ts";

/** Longest single argument of a request. */
export const MAX_ARGUMENT_BYTES: number = MAX_BULK_BYTES;

const MiB = 1024 * 1024;

/** Most input of one client: its bytes are counted in 32 bits, with a sign. 2047 MiB. */
export const MAX_QUERY_BUFFER_BYTES: number = Math.trunc(MAX_INPUT_BYTES / MiB) * MiB;

/** Every database has a fixed cost in memory even when empty. */
export const MAX_DATABASES = 65_536;

/** Longest name or value that CONFIG SET takes: more is a mistake, or an attack. */
export const MAX_SETTING_BYTES = 1024 * 1024;
