/**
 * Which types of the npm package bring their comments along: those that it exports. A call of a
 * plugin's command leads to every type of the server, and most of them nobody reads who writes a
 * plugin; with their comments they would be a tenth of the package.
 */

import ts from "typescript";

const COMMENT = /^[ \t]*\/\*\*(?:(?!\*\/)[^])*\*\/\n/gm;

/** A module of declarations without the comments of those that it does not export. */
export function withoutInnerComments(declarations: string): string {
  const { statements } = ts.createSourceFile("types.d.ts", declarations, ts.ScriptTarget.ESNext);
  const exported = new Set(statements.filter(ts.isExportDeclaration).flatMap(exportedNames));
  const texts = statements.map((statement) => {
    const text = declarations.slice(statement.pos, statement.end);
    return declaredNames(statement).some((name) => exported.has(name))
      ? text
      : text.replaceAll(COMMENT, "");
  });
  return texts.join("") + "\n";
}

/** As the module itself calls them. */
function exportedNames({ exportClause }: ts.ExportDeclaration): string[] {
  if (exportClause === undefined || !ts.isNamedExports(exportClause)) return [];
  return exportClause.elements.map(({ name, propertyName }) => (propertyName ?? name).text);
}

function declaredNames(statement: ts.Statement): readonly string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap(({ name }) =>
      ts.isIdentifier(name) ? [name.text] : []
    );
  }
  const isNamed = ts.isClassDeclaration(statement) || ts.isInterfaceDeclaration(statement) ||
    ts.isFunctionDeclaration(statement) || ts.isTypeAliasDeclaration(statement);
  return isNamed && statement.name !== undefined ? [statement.name.text] : [];
}
