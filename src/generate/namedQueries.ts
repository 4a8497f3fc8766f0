import { type TemplateResource } from './catalogResources';

/**
 * Athena's named queries as CloudFormation resources, by logical id (`RankProductsQuery`). A query's first comment line
 * is its description.
 *
 * @param queries SQL by name: the files of queries/ and the validation
 */
export function namedQueries(queries: Readonly<Record<string, string>>): Record<string, TemplateResource> {
  return Object.fromEntries(
    Object.entries(queries)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, sql]) => [`${pascalCase(name)}Query`, namedQuery(name, sql)]),
  );
}

function namedQuery(name: string, sql: string): TemplateResource {
  const description = /^-- (.+)\n/u.exec(sql)?.[1];
  if (description === undefined) {
    throw new TypeError(`queries/${name}.sql has to begin with a comment line that says what it answers`);
  }
  return {
    Type: 'AWS::Athena::NamedQuery',
    Properties: {
      Name: name,
      Description: description,
      Database: { Ref: 'CatalogDatabase' },
      WorkGroup: { Ref: 'WorkGroup' },
      QueryString: sql,
    },
  };
}

function pascalCase(name: string): string {
  return name.replace(/(?:^|_)([a-z])/gu, (_, letter: string) => letter.toUpperCase());
}
