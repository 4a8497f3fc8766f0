#!/usr/bin/env node
'use strict';
// the command is TypeScript and runs without a build step
import('tsx').then(() => require('../src/cli.ts').main());
