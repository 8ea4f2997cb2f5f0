/** What the file module answers when it has found one file. */
import type { FileElement } from '../../modules/file/element.ts';
import { emptyReceipt, type OperationResult } from '../../protocol/result/result.ts';

const element: FileElement = {
  file: '/usr/bin/wget',
  search: {},
  fileinfo: { lastmodified: '2025-03-03 13:32:32 +0000 UTC', mode: '-rwxr-xr-x', size: 470_384 },
};

export const fileAnswer: OperationResult = {
  success: true,
  foundanything: true,
  elements: { s1: [element] },
  statistics: { filescount: 1184, directoriescount: 1, bytesread: 0, openfailed: 0, totalhits: 1 },
  errors: [],
  receipt: { ...emptyReceipt(), examined: { files: 1184, directories: 1 } },
};
