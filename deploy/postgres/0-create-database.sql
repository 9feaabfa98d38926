-- A statement of its own: a database cannot be made in a transaction. template0 is as the server came.
CREATE DATABASE ${database} OWNER ${owner} TEMPLATE template0 ENCODING 'UTF8';
