// Loaded into every test file's process: once nothing keeps it, it ends at once. In its own last clean-up
// Node 26 now and then turns round for ever, at full load, over a connection that was cut off.
process.on('exit', (code) => process.exit(code))
