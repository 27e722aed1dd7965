/** The binary operators, and how strongly they bind. */

import type { BinaryOperator } from "./ast.ts";
import * as T from "./tokens.ts";

/** The priority of comparisons. */
export const COMPARING = 3;
/** Concatenation's to its left; arithmetic binds more strongly. */
export const JOINING = 5;
/** That of `-`, `not` and `#`. */
export const UNARY_PRIORITY = 8;

/** By the kind of the token. */
export const OPERATORS: (BinaryOperator | "and" | "or")[] = [];
/** How strongly an operator binds to its left and to its right; 0: no operator. */
export const LEFT_PRIORITY = new Uint8Array(T.KINDS);
export const RIGHT_PRIORITY = new Uint8Array(T.KINDS);

function operator(kind: number, text: BinaryOperator | "and" | "or", left: number, right: number) {
  OPERATORS[kind] = text;
  LEFT_PRIORITY[kind] = left;
  RIGHT_PRIORITY[kind] = right;
}

operator(T.OR, "or", 1, 1);
operator(T.AND, "and", 2, 2);
operator(60, "<", COMPARING, COMPARING);
operator(62, ">", COMPARING, COMPARING);
operator(T.LESS_OR_EQUAL, "<=", COMPARING, COMPARING);
operator(T.GREATER_OR_EQUAL, ">=", COMPARING, COMPARING);
operator(T.NOT_EQUAL, "~=", COMPARING, COMPARING);
operator(T.EQUAL, "==", COMPARING, COMPARING);
operator(T.CONCAT, "..", JOINING, JOINING - 1);
operator(43, "+", 6, 6);
operator(45, "-", 6, 6);
operator(42, "*", 7, 7);
operator(47, "/", 7, 7);
operator(37, "%", 7, 7);
operator(94, "^", 10, 9);
