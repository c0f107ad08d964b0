import { parentPort, workerData } from 'node:worker_threads';
import { hardLimits } from '../os/hard-limits.ts';
import { readConfig, type FolderOptions } from '../config/read-config.ts';

// A thread of its own: the config that it reads is too large to be read between two events of the jobs.
parentPort?.postMessage(readConfig({ ...(workerData as FolderOptions), hardLimits }));
