import { render } from 'preact';
import type { WebSettings } from '../messages.ts';
import { App } from './app.tsx';

const settings = JSON.parse(document.getElementById('settings')?.textContent ?? '{}') as WebSettings;
const place = document.getElementById('app');
if (place !== null) render(<App readOnly={settings.readOnly} />, place);
