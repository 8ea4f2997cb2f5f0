/** The page: everything that is shown comes from the process as text, and is put into text nodes. */
import { render } from 'preact';
import { App } from './app.tsx';
import './page.css';

const root = document.getElementById('page');
if (root !== null) render(<App />, root);
