"""What requesters do before their tasks are work: projects, files, publishing."""
