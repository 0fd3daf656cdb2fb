create table if not exists book (id int primary key, title varchar(200));
merge into book values (1, 'Emma');
merge into book values (2, 'Persuasion');
