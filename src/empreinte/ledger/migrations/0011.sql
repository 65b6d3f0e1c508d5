-- The key of a tick begins with the name of the lens whose row it is: those of exposure did not.
update tick set key = 'exposure-' || key
where regexp_matches(key, '^(written|held|photos|door-(account|app|logins|handle))-');
