"""Sources that are no cloud: files, standard input. One format a file; `file.py` puts them together."""
