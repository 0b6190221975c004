import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { amplifyVersion, record, recordingOf } from './frames.mjs';

test('Amplify still sends what was recorded', { timeout: 30_000 }, async () => {
  const recorded = JSON.parse(await readFile(recordingOf(await amplifyVersion()), 'utf8'));
  assert.deepEqual(await record(), recorded, 'if this is meant to change: node test/frames.mjs');
});
