-- What a platform has changed in a file since it was learnt: a JSON array of model.Drift, or null.
alter table file add column drift varchar;
