/**
 * What one server can hold at most, where Redis would accept more: settings past these are refused.
 */

/** Longest single argument of a request: as long as the longest member or field that can be stored. */
export const MAX_ARGUMENT_BYTES = 2 ** 30 - 4096;

/** Most input of one client: its bytes are counted in 32 bits, with a sign. 2047 MiB. */
export const MAX_QUERY_BUFFER_BYTES = 2047 * 1024 * 1024;

/** Every database has a fixed cost in memory even when empty. */
export const MAX_DATABASES = 65_536;

/** Longest name or value that CONFIG SET takes: more is a mistake, or an attack. */
export const MAX_SETTING_BYTES = 1024 * 1024;
