import { type TemplateResource } from './catalogResources';

/**
 * Athena's named queries as CloudFormation resources, by logical id (`RankProductsQuery`). A query's first comment line
 * is its description.
 *
 * @param queries SQL by name: the files of queries/ and what derives from the contracts
 * @param condition of the stack under which they are deployed, where it is not always
 */
export function namedQueries(
  queries: Readonly<Record<string, string>>,
  condition?: string,
): Record<string, TemplateResource> {
  return Object.fromEntries(
    Object.entries(queries)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, sql]) => {
        const resource = namedQuery(name, sql);
        return [`${pascalCase(name)}Query`, { ...resource, ...(condition && { Condition: condition }) }];
      }),
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
