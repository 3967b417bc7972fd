"""How a directory is written in a file: `;`-separated columns, or XML."""
