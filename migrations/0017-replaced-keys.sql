-- Which key took the place of another: a key is replaced once, since what is made of it after that would end
-- when its overlap does.
alter table api_keys add column replaced_by uuid;
