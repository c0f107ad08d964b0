import { parentPort, workerData } from 'node:worker_threads';
import { hardLimits } from '../os/hard-limits.ts';
import { readConfig, type FolderOptions } from '../config/read-config.ts';

// Runs in a thread of its own, for configs that are too large to be read on the main thread.
parentPort?.postMessage(readConfig({ ...(workerData as FolderOptions), hardLimits }));
