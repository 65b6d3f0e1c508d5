"""What Google hands over (Takeout, and the phone's own timeline), read by three sources.

`youtube` reads the folder of YouTube and the part of My Activity that is YouTube's, `activity`
the other products of My Activity, `location` the location history. Shared: `names` knows ids,
`cells` cuts the HTML of My Activity into its cells, `entries` reads one entry, in JSON or HTML,
`said` what its title says, `takeout` where the folders of a Takeout stand, `labels.toml` the words.
"""
