"""Pictures from the upload to the reader.

`reading` decodes what came, `words` finds credit and caption in it; no other module looks at the bytes of others.
`files` knows what lies where, `uploading` has the verbs of the desk, `renditions` makes what pages show, in a job, and
`serving` gives it to readers.
"""
