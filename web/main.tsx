import './api/no-eval.ts';
import 'pretendard/dist/web/variable/pretendardvariable-dynamic-subset.css';
import './ui/tokens.css';
import './ui/base.css';
import { render } from 'preact';
import { App } from './app/app.tsx';
import { loadAllLetters } from './app/letters.ts';
import { fetchAhead } from './app/outlet.tsx';

fetchAhead();
const root = document.getElementById('root');
if (root) render(<App />, root);
loadAllLetters();
