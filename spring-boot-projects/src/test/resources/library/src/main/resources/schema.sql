create table book (id int primary key, title varchar(100));
insert into book values (1, 'One'), (2, 'Two'), (3, 'Three'), (4, 'Four'), (5, 'Five');
