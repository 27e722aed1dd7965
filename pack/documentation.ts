/**
 * Which types of the npm package bring their comments along. A call of a plugin's command leads to
 * every type of the server, and most of them nobody reads who writes a plugin:
 *
 * ```
 * steps  0 register, Call, Keyspace ─▶ 1 Frame, Store ─▶ 2 Arena ─▶ 3 Segments ─▶ …
 *        └──────────── with their comments ────────────────────┘   └ types alone
 * ```
 */

import ts from "typescript";

/** How many steps from what is exported a type may be to keep its comments. */
const MAX_STEPS = 2;
const COMMENT = /^[ \t]*\/\*\*(?:(?!\*\/)[^])*\*\/\n/gm;

/** A module of declarations without the comments of those that are further away. O(length). */
export function withoutFarComments(declarations: string): string {
  const { statements } = ts.createSourceFile("types.d.ts", declarations, ts.ScriptTarget.ESNext);
  const near = nearNames(statements);
  let text = "";
  for (const statement of statements) {
    const own = declarations.slice(statement.pos, statement.end);
    text += namesOf(statement).some((name) => near.has(name)) ? own : own.replaceAll(COMMENT, "");
  }
  return text + "\n";
}

/** The names that are no further away than that. */
function nearNames(statements: readonly ts.Statement[]): ReadonlySet<string> {
  const near = new Set<string>();
  let names = statements.filter(ts.isExportDeclaration).flatMap(identifiersIn);
  for (let steps = 0; steps <= MAX_STEPS; steps++) {
    for (const name of names) near.add(name);
    names = statements.filter((it) => namesOf(it).some((name) => near.has(name)))
      .flatMap(identifiersIn);
  }
  return near;
}

/** What a statement declares; an export is always kept. */
function namesOf(statement: ts.Statement): readonly string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap(({ name }) => identifiersIn(name));
  }
  const isNamed = ts.isClassDeclaration(statement) || ts.isInterfaceDeclaration(statement) ||
    ts.isFunctionDeclaration(statement) || ts.isTypeAliasDeclaration(statement);
  return isNamed && statement.name !== undefined ? [statement.name.text] : [];
}

function identifiersIn(node: ts.Node): string[] {
  const names = new Set<string>();
  const visit = (node: ts.Node) => {
    if (ts.isIdentifier(node)) names.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(node);
  return [...names];
}
