// The framework loads plugins as CommonJS; the plugin itself is TypeScript.
const { require: requireTypeScript } = require('tsx/cjs/api');

module.exports = requireTypeScript('./plugin.ts', `${__dirname}/index.cjs`).StageParameterCheck;
