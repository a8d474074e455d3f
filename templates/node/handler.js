// The body of the request is stdin, the body of the answer is stdout. An exception answers 500.
'use strict';

const { readFileSync } = require('node:fs');

function handle(body) {
  return `Hello, ${body}!\n`;
}

process.stdout.write(handle(readFileSync(0, 'utf8')));
