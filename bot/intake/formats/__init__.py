"""One reader for each format. All are called alike: ``read(name, raw, progress) -> Document``.

``name`` is the file's name, for sentences. ``raw`` are its bytes, at most 25 MB. ``progress(pages)`` is
called now and then with the number of pages read so far (where there are none, 3,000 signs make one): a
reader that makes no progress is stopped. What cannot be read raises IntakeMistake with one sentence.
Readers run in a process of their own with little memory and time: see apart.py.
"""
