/** The page's script and style, which the builder bundles into `mig`. */
import { CodedError } from '../../protocol/base/coded-error.ts';
import type { PageFiles } from './page-server.ts';

type PageCode = 'page-missing';

/** Set by the bundler. */
declare const MIG_PAGE: { readonly script: string; readonly style: string } | undefined;

const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>mig</title>
<link rel="stylesheet" href="/page.css">
<script type="module" src="/page.js"></script>
</head>
<body><div id="page"></div><noscript>This page needs its script.</noscript></body>
</html>
`;

const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="#1f5fa8"/><path d="M3 12V4l5 5 5-5v8" fill="none" stroke="#fff" stroke-width="2"/></svg>';

export function toPageFiles(made: { readonly script: string; readonly style: string }): PageFiles {
  return { html, icon, ...made };
}

/** @throws CodedError<PageCode> */
export function readPageFiles(): PageFiles {
  if (typeof MIG_PAGE !== 'undefined') return toPageFiles(MIG_PAGE);
  throw new CodedError<PageCode>('page-missing', 'expected a mig with the page inside', {
    hint: 'npm run build makes dist/bin/mig, which has it',
  });
}
