#!/usr/bin/env node
// Starts the command. In the published package it is JavaScript; in the repository it needs a Node that runs TypeScript:
// this one if it can, else the pinned one.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));
const built = new URL('../dist/cli/main.js', import.meta.url);
const pinned = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url));

if (!existsSync(main)) {
  await import(built);
} else if (process.features.typescript) {
  await import(main);
} else if (existsSync(pinned)) {
  const child = spawn(pinned, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
  child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
} else {
  console.error('smart-inventory needs Node 24, which `npm install` brings: run that first.');
  process.exit(1);
}
