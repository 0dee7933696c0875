"""The office's long work: a child process for office files, and the runner of its jobs."""
