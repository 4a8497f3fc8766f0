/** `{{asset:NAME}}` in serverless.yml stands for something that is known only once the assets are read. */
const TOKEN = /\{\{asset:([^}]*)\}\}/g;

/** A template asks for an asset that the plugin does not make. */
export class UnknownAssetToken extends Error {
  override readonly name = 'UnknownAssetToken';
}

/**
 * Replaces every token in a JSON document.
 * @throws UnknownAssetToken naming each token that has no value: none may reach CloudFormation.
 */
export function replaceTokens(document: unknown, values: ReadonlyMap<string, string>): unknown {
  const unknown = new Set<string>();
  const text = JSON.stringify(document).replace(TOKEN, (token, name: string) => {
    const value = values.get(name);
    if (value === undefined) unknown.add(token);
    return value ?? token;
  });
  if (unknown.size > 0) {
    const known = [...values.keys()].join(', ');
    throw new UnknownAssetToken(
      `serverless.yml or resources/ use ${[...unknown].join(', ')}; known: ${known}`,
    );
  }
  const replaced: unknown = JSON.parse(text);
  return replaced;
}
