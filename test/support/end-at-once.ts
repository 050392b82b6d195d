// Loaded into every test file's process. Once nothing keeps it, it ends at once: in its own last clean-up Node
// 26 now and then waits for ever, at full load, for a request of a connection that was cut off.
process.on('exit', (code) => process.exit(code))
