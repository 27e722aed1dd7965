/** Limits that more than one part of the engine heeds. */

/** How many values a function may have on its stack, as Lua's LUAI_MAXCSTACK. */
export const MAX_STACK = 8000;
