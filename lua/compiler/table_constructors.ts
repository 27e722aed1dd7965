/**
 * Lowers table constructors. Lua makes room for all of the items first, sets the fields in their turn,
 * and puts the items of the list in from 50 to 50, after the fields among them.
 */

import { constructorSize } from "../runtime/border_sizes.ts";
import type { Expression, TableExpression, TableItem } from "../syntax/ast.ts";
import { isOpen } from "./expression_forms.ts";
import type { FunctionBuilder } from "./function_builder.ts";
import { literalOperand, type Operand, operandOf } from "./operand.ts";

/** Items of the list that are collected before they are put into the table. */
const ITEMS_AT_ONCE = 50;

/** What lowers the keys and values of a constructor; see expressions.ts. */
interface ItemLowering {
  readonly builder: FunctionBuilder;
  operand(expression: Expression): Operand;
  passed(expression: Expression): Operand;
  open(expression: Expression): string;
}

/** A table constructor; the operand is its table. */
export function lowerTable({ items }: TableExpression, expressions: ItemLowering): Operand {
  const { builder } = expressions;
  const mark = builder.registersInUse;
  if (items.length <= ITEMS_AT_ONCE && items.every(({ key }) => isPlainKey(key))) {
    return lowerPlainTable(items, expressions, mark);
  }
  const to = builder.register();
  const fields = items.filter(({ key }) => key !== undefined).length;
  const isOpenAtEnd = items.some(({ key, value }, at) =>
    key === undefined && at === items.length - 1 && isOpen(value)
  );
  const listed = items.length - fields - (isOpenAtEnd ? 1 : 0);
  builder.plain(`${to}=new T([],${constructorSize(listed)},${constructorSize(fields)});`);
  let done = 0;
  let waiting: string[] = [];
  const flush = () => {
    if (waiting.length > 0) builder.plain(`putItems(${to},${done},[${waiting.join()}]);`);
    done += waiting.length;
    waiting = [];
    builder.release(mark + 1);
  };
  items.forEach(({ key, value, line: itemLine }, at) => {
    const beforeItem = builder.registersInUse;
    if (key !== undefined) {
      const ofKey = expressions.operand(key);
      const { text } = expressions.operand(value);
      const isNamed = ofKey.constant !== undefined && ofKey.type === "string";
      const set = `${to}.${isNamed ? "setString" : "set"}(${ofKey.text},${text});`;
      const isSafe = ofKey.constant !== undefined && ofKey.type !== "nil";
      if (isSafe) builder.plain(set);
      else builder.failing(itemLine, [], set);
      builder.release(beforeItem);
      return;
    }
    if (at === items.length - 1 && isOpen(value)) waiting.push(`...${expressions.open(value)}`);
    else waiting.push(expressions.passed(value).text);
    if (waiting.length === ITEMS_AT_ONCE) flush();
  });
  flush();
  return operandOf({ text: to, type: "table" });
}

/** A table whose fields have constant names: made at once, when all of its values are there. */
function lowerPlainTable(
  items: readonly TableItem[],
  expressions: ItemLowering,
  mark: number,
): Operand {
  const { builder } = expressions;
  const values: string[] = [];
  const fields: string[] = [];
  let room = "";
  items.forEach(({ key, value }, at) => {
    if (key?.kind === "constant") {
      const { text } = expressions.passed(value);
      fields.push(`setString(${literalOperand(key.value).text},${text});`);
    } else if (at === items.length - 1 && isOpen(value)) {
      values.push(`...${expressions.open(value)}`);
      // Makes room for as many as there are.
      room = ",undefined";
    } else values.push(expressions.passed(value).text);
  });
  const size = constructorSize(values.length);
  if (room === "" && (size !== values.length || fields.length > 0)) room = `,${size}`;
  if (fields.length > 0) room += `,${constructorSize(fields.length)}`;
  const list = items.length === 0 ? "" : `[${values.join()}]${room}`;
  // The table comes to lie above its values, which are put into it.
  const table = builder.register();
  builder.plain(`${table}=new T(${list});`);
  if (fields.length > 0) builder.plain(fields.map((field) => `${table}.${field}`).join(""));
  builder.release(mark);
  const to = builder.register();
  if (to !== table) builder.plain(`${to}=${table};`);
  return operandOf({ text: to, type: "table" });
}

/** Whether the key of an item is a name, or there is none. */
function isPlainKey(key: Expression | undefined): boolean {
  return key === undefined || (key.kind === "constant" && typeof key.value === "string");
}
