import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { generateJsonSchema } from '../config/json-schema.ts';
import { policies } from '../policies/index.ts';
import { balancers } from '../services/balancing/index.ts';
import { defineCommand } from './command.ts';

/** `garita schema`: the JSON Schema with which editors complete and check `garita.yaml`. */
export const schemaCommand = defineCommand({
  name: 'schema',
  summary: 'Prints the JSON Schema of the configuration, for editors',
  usage: 'schema [--write file]',
  options: { write: { value: 'file', description: 'Writes it to this file instead' } },
  async run({ stdout, values, cwd }) {
    const schema = generateJsonSchema(
      policies,
      balancers.map(({ name }) => name),
    );
    const text = `${JSON.stringify(schema, null, 2)}\n`;
    if (values.write === undefined) stdout.write(text);
    else {
      await writeFile(resolve(cwd, values.write), text);
      stdout.write(`wrote ${values.write}\n`);
    }
    return 0;
  },
});
