// The validation query as one line: the state machine's validator takes no string with a line break in it.
// (The generated file holds no comments and no literals with line breaks.)
const { readFileSync } = require('node:fs');
const { join } = require('node:path');

module.exports = readFileSync(join(__dirname, '..', 'generated', 'validation.sql'), 'utf8')
  .trim()
  .replace(/\s*\n\s*/g, ' ');
