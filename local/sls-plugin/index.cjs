'use strict';

// osls loads plugins with require; tsx compiles only what is required from here on
module.exports = require('tsx/cjs/api').require('./plugin.ts', module.filename).LocalCloudPlugin;
