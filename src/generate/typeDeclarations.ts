import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { compile, type JSONSchema } from 'json-schema-to-typescript';

/** Folders of schemas/ whose files become TypeScript types. */
const FOLDERS = ['datasets', 'events', 'states', 'documents', 'outputs'];

/**
 * TypeScript declarations for every JSON Schema, as `generated/types/<folder>/<name>.ts` -> text. The type is named by the
 * schema's title.
 */
export async function typeDeclarations(schemas: string): Promise<Record<string, string>> {
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(path.join(schemas, folder))
      .filter((file) => file.endsWith('.schema.json'))
      .map((file) => ({ folder, name: file.slice(0, -'.schema.json'.length) })),
  );
  const declarations = files.map(async ({ folder, name }) => {
    const file = path.join(schemas, folder, `${name}.schema.json`);
    return [`generated/types/${folder}/${name}.ts`, await declaration(file)] as const;
  });
  return Object.fromEntries<string>(await Promise.all(declarations));
}

function declaration(file: string): Promise<string> {
  const schema: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (!isSchema(schema)) throw new TypeError(`${file} holds no JSON Schema object`);
  return compile(schema, path.basename(file), {
    cwd: path.dirname(file),
    bannerComment: '/** Generated from schemas/ by `npm run generate`. */',
    additionalProperties: false,
    style: { singleQuote: true, printWidth: 110 },
  });
}

function isSchema(value: unknown): value is JSONSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
