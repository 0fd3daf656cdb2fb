create table course (key text primary key, title text not null, published_version int not null);
create table section (course text not null, title text not null, position int not null);
create table sequence (course text not null, section text not null, title text not null, position int not null);
create table hidden_sequence (course text not null, sequence text not null);
create table announcement (id serial primary key, course text not null, text text not null);
create table verification (learner text not null, course text not null, mode text not null);
