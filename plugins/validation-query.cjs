// The expression that gives the validation query of a batch, as one line: the state machine's validator takes no string with a
// line break in it. (The generated file holds no comments and no literals with line breaks.)
const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const sql = readFileSync(join(__dirname, '..', 'generated', 'batchValidation.sql'), 'utf8')
  .trim()
  .replace(/\s*\n\s*/g, ' ');

module.exports = `{% $replace(${JSON.stringify(sql)}, ":batch", $string($batch.number)) %}`;
