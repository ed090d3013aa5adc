// Preload for the Portkey gateway: ends it when its standard input closes, that is when the process that started it is gone.
process.stdin.on('error', () => process.exit(0));
process.stdin.on('end', () => process.exit(0));
process.stdin.resume();
