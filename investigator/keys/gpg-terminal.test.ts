import assert from 'node:assert/strict';
import { test } from 'node:test';
import { restoreScreen } from './gpg-terminal.ts';

// As root's behind su: gpg's own failure was hidden behind that of opening the terminal.
test('a terminal that cannot be opened, or is none, is left alone', () => {
  for (const path of ['/nonexistent/tty', '/dev/null']) assert.doesNotThrow(() => restoreScreen(path), path);
});
